"""The captcha, a part of other forms."""
