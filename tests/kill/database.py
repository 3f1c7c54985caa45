"""What lies in a tkn.db, as the scripts of this folder look at it."""

import json
import os
import sqlite3


class Failure(Exception):
    pass


class State:
    """What a reader of the database sees, if there is one; Failure when it is damaged."""

    def __init__(self, path):
        self.objects, self.intents, self.serial = {}, [], 0
        if not os.path.exists(path) or os.path.getsize(path) == 0:
            return
        database = sqlite3.connect(path, timeout=30)
        try:
            integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
            if integrity != "ok":
                raise Failure("integrity_check: " + integrity)
            if database.execute("PRAGMA foreign_key_check").fetchone():
                raise Failure("foreign_key_check found something")
            if not database.execute("SELECT 1 FROM sqlite_schema").fetchone():
                return
            for address, deposed, status, attributes in database.execute(
                    "SELECT address, deposed, status, attributes FROM resources"):
                self.objects[(address, deposed)] = (status, json.loads(attributes))
            for action, address, planned in database.execute("SELECT action, address, planned FROM intents"):
                self.intents.append((action, address, json.loads(planned) or {}))
            row = database.execute("SELECT serial FROM workspaces WHERE name = 'default'").fetchone()
            self.serial = row[0] if row else 0
        finally:
            database.close()

    def tokens(self):
        found = {}
        for (address, deposed), (_, attributes) in self.objects.items():
            if not address.startswith("linode_token."):
                continue
            if attributes["id"] in found:
                raise Failure("token %s is in the state twice" % attributes["id"])
            found[attributes["id"]] = (address, deposed)
        return found

    def tainted(self):
        return sorted(address for (address, _), (status, _) in self.objects.items() if status == "tainted")
