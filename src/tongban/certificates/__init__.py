"""E-certificates, receipts and notices: rendered, sealed and verifiable by anyone.

Public modules: `issue` (licences from recording to sealed file), `queries` (what counts), `documents` and `files`
(every other document, typeset and sealed), `verify` and `trust` (offline, without Django), `trust_export`; `typeset` and
`seals` below.
"""
