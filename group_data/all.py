"""Nothing is set here, for pyinfra reads this folder in every run from this clone.

What your own servers share stands in a folder of your own, outside this clone, beside your
inventory; README.md shows one.
"""
