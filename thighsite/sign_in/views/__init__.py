"""The pages of signing in that allauth does not bring, or brings otherwise."""
