"""The book of record: append-only entries, chained and signed, and the rights they add up to.

Public modules: `book` (the only writer), `reading`, `sealing`, `verification`, `numbers`, `stock`.
"""
