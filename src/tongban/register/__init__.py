"""The book of record: append-only entries, chained and signed, and the rights they add up to.

Public modules: `book` (the only writer), `reading`, `sealing`, `verification`, `unit_verification`, `numbers`, `stock`,
`requests` (what goes in and comes out), `proof` (what anyone can check without a database).
"""
