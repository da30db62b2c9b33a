"""The modules behind the notebooks: what they import, and checks that they are fresh."""
