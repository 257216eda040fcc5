"""The suppliers of images behind one Protocol. Pure: no models, no settings, no Django."""
