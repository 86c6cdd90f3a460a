"""Runs the SQL of queries over log lines, in SQLite with the functions of Simple Log Service that they use.

Reads {"lines": [...], "queries": {name: sql}} from standard input, and writes {name: [row, ...]}.
"""

import json
import sqlite3
import sys


def json_extract_scalar(text, path):
    try:
        value = json.loads(text)
    except ValueError:
        return None
    for name in path.removeprefix("$.").split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    if value is None or isinstance(value, (dict, list)):
        return None
    return value if isinstance(value, str) else json.dumps(value)


class MaxBy:
    def __init__(self):
        self.best = None

    def step(self, value, by):
        if by is not None and (self.best is None or by > self.best[1]):
            self.best = (value, by)

    def finalize(self):
        return None if self.best is None else self.best[0]


asked = json.load(sys.stdin)
database = sqlite3.connect(":memory:")
database.row_factory = sqlite3.Row
database.create_function("json_extract_scalar", 2, json_extract_scalar)
database.create_aggregate("max_by", 2, MaxBy)
database.execute("create table log (message text)")
database.executemany("insert into log values (?)", [(line,) for line in asked["lines"]])
rows = {
    name: [dict(row) for row in database.execute(sql)] for name, sql in asked["queries"].items()
}
json.dump(rows, sys.stdout)
