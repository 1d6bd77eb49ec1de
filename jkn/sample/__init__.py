"""The sample world: invented people, one for every rule, for development and tests.

Facilities, families, participants, the population registry and accounts are CSV files
beside this module; `personas.csv` says what each person is there for. Dates may be written
relative to the day of loading (`dates.py`), so that "class III for 14 months" stays true.
"""

# The password of every sample account. It opens nothing real: production refuses the sample world.
PASSWORD = "payung teduh pagi"  # noqa: S105
