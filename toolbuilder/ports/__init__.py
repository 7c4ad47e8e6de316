"""The doors of the machine: small protocols, and the values that pass through them.

Everything that starts a process, opens a socket or reads a token stands behind one of them, in `adapters/`.
"""

from toolbuilder.ports.backends import Answer, ModelBackend, Purchase, Question
from toolbuilder.ports.forges import Forge, Proposal, PullRequest
from toolbuilder.ports.repositories import Ahead, Commit, Joiner, LogEntry, Remote, Repository, Snapshot
from toolbuilder.ports.sandboxes import Command, Limits, Ran, Sandbox, Scaffolder

__all__ = [
    "Ahead",
    "Answer",
    "Command",
    "Commit",
    "Forge",
    "Joiner",
    "Limits",
    "LogEntry",
    "ModelBackend",
    "Proposal",
    "PullRequest",
    "Purchase",
    "Question",
    "Ran",
    "Remote",
    "Repository",
    "Sandbox",
    "Scaffolder",
    "Snapshot",
]
