"""The nouns: settings, facts and operations; no ordering here."""
