from uuid import uuid4

from django import forms

from guestbook.models import Entry


def new_token() -> str:
    return uuid4().hex


class EntryForm(forms.ModelForm):
    token = forms.CharField(max_length=64, initial=new_token, widget=forms.HiddenInput)

    class Meta:
        model = Entry
        fields = ("token", "text")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3, "placeholder": "Say hello"}),
        }

    def validate_unique(self) -> None:
        """Leave a token that was sent before to save()."""

    def save(self) -> bool:
        """Add the entry, and tell whether it is new."""
        token, text = self.cleaned_data["token"], self.cleaned_data["text"]
        return Entry.objects.get_or_create(token=token, defaults={"text": text})[1]
