from django.db import models


class Entry(models.Model):
    # The client's own name for the entry: one that is sent again is still one entry.
    token = models.CharField(max_length=64, unique=True)
    text = models.CharField(max_length=500)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created", "-pk")

    def __str__(self) -> str:
        return self.text
