"""What shows who somebody is: passwords, PIN rules, codes, questions, captchas, known phones."""
