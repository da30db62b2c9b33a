"""Tables as offices have them: read as they are written, checked, and handed on in one form."""
