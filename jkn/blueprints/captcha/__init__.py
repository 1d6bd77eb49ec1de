"""The live piece of every form that asks for a captcha."""
