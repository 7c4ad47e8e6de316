"""The table of sabotages: every line that protects, and the attack that its loss lets out."""

from tests.adapters.sandbox.probes.attacks import ATTACKS
from tests.adapters.sandbox.probes.sabotage import Change, Sabotage

BUBBLEWRAP, LANDLOCK = ("bubblewrap",), ("landlock",)
BOTH = BUBBLEWRAP + LANDLOCK

AS_USER: Change = ("privilege", "    able = ", "    able = False and ")  # nobody else to become
SEE_AROUND: Change = (
    "view",
    "PACKAGE, *command.readable)}",
    "PACKAGE, command.folder.parent, *command.readable)}",
)
SEE_HOME: Change = ("view", "PACKAGE, *command.readable)}", "PACKAGE, Path.home(), *command.readable)}")
UNCHECKED_HOME: Change = ("view", "if home.is_relative_to(", "if False and home.is_relative_to(")
BIND_WRITABLE: Change = ("bubblewrap", '"--ro-bind"', '"--bind"')
LOOK_WRITABLE: Change = ("landlock", "LOOK if path.is_dir() else", "WORK if path.is_dir() else")
INHERIT: Change = ("parent", "env={}", "env=None")
KEEP: Change = ("bubblewrap", ', "--clearenv"', "")
PASS_ON: Change = (
    "child",
    '_execute(instruction["argv"], ',
    '_execute(instruction["argv"], dict(os.environ) | ',
)
NO_SOCKET_RULES: Change = ("landlock", "refusals = ATTACK_SURFACE + NEIGHBOURS", "refusals = ATTACK_SURFACE")
NO_TCP_RULES: Change = ("landlock", "3 if self.version >= NETWORK else 0", "0")
NO_SEAL: Change = ("guard", "SIGNALS = 2", "SIGNALS = 1")
NO_SCOPES: Change = ("landlock", "3 if self.version >= SCOPES else 0", "0")
NO_PROCESS_LIMIT: Change = ("instruction", "limits.processes + crowd", "10000")
NO_PROCESS_WATCH: Change = ("watch", "len(processes) > limits", "len(processes) > 1000 * limits")
NO_MEMORY_LIMIT: Change = ("instruction", '"RLIMIT_DATA": limits.memory_bytes', '"RLIMIT_DATA": 1 << 40')
NO_ADDRESS_LIMIT: Change = ("instruction", '"RLIMIT_AS": 4 * limits.memory_bytes', '"RLIMIT_AS": 1 << 40')
NO_MEMORY_WATCH: Change = ("watch", "processes)) > limits", "processes)) > 1000 * limits")
LARGE_FOLDER: Change = ("usage", "FILES = 4", "FILES = 400")
DEEP: Change = ("usage", "DEEPEST = 64", "DEEPEST = 200")
ANY_LINK: Change = (
    "transfer",
    "return (path.is_relative_to(top) and",
    "return True or (path.is_relative_to(top) and",
)
ANY_DOTS: Change = ("transfer", ' and ".." not in upward', "")
ANY_KIND: Change = ("settle", "    return stat.S_ISREG(found.st_mode)", "    return True")
ANY_BIT: Change = ("entries", "found.st_mode & 0o777 | stat.S_IRUSR", "found.st_mode & 0o7777 | stat.S_IRUSR")
SHARED_LINKS: Change = ("settle", "            _part(room.folder, name, found)", "            pass")
MEMFD: Change = ("seccomp", " + _all(HIDDEN_MEMORY)", "")
HANDLES: Change = ("seccomp", " + _all(KERNEL)", "")
PAIRS: Change = ("seccomp", 'Refusal("socketpair", errno.EACCES, argument=1, mask=0xF, value=2),', "")
OTHERS_LIMITS: Change = ("seccomp", '"prlimit64", ', "")
OPEN_DOOR: Change = ("child", "set_inheritable(False)", "set_inheritable(True)")
TEMPER_MODES: Change = ("landlock", "() if uid else SAME_OWNER", "()")
LATE: Change = ("watch", "+ self.command.limits.seconds", "+ 60")
NO_CAP: Change = ("parent", "if len(chunk) > room:", "if False:")
NO_CUT: Change = ("parent", "chunk[:room]", "chunk")
LEAVE_ALONE: Change = ("guard", "    _end_all(EVERYBODY if sealed else -command)\n", "")
NOT_BACK: Change = ("settle", "        give(room.folder, name, room.owner)\n        if", "        if")
NO_OWNER: Change = (
    "transfer",
    "    give(passage.target, name, passage.owner)\n",
    "",
)  # a new owner clears the bit too
OLD_KERNEL: Change = ("landlock", "SCOPES = 3, 4, 5, 6", "SCOPES = 3, 4, 5, 99")
NO_SIGNAL_RULES: Change = ("landlock", "UNSCOPED_SIGNALS if self.version < SCOPES else ()", "()")
SAME_NETWORK: Change = ("bubblewrap", '"--unshare-net", ', "")
SAME_PROCESSES: Change = ("bubblewrap", '"--unshare-pid", ', "")

TABLE = (
    Sabotage("connect to a server", BUBBLEWRAP, (SAME_NETWORK,)),
    Sabotage("connect to a server", LANDLOCK, (NO_SOCKET_RULES, NO_TCP_RULES)),
    Sabotage("ask a name server", LANDLOCK, (NO_SOCKET_RULES,)),
    Sabotage("be a server", LANDLOCK, (NO_SOCKET_RULES, NO_TCP_RULES)),
    Sabotage("connect to a socket file", BUBBLEWRAP, (SEE_AROUND, AS_USER)),
    Sabotage("connect to a socket file", LANDLOCK, (NO_SOCKET_RULES, AS_USER)),
    Sabotage("ask an ssh-agent", BUBBLEWRAP, (SEE_AROUND, AS_USER)),
    Sabotage("ask an ssh-agent", LANDLOCK, (NO_SOCKET_RULES, AS_USER)),
    Sabotage("connect to an abstract socket", BUBBLEWRAP, (SAME_NETWORK,)),
    Sabotage("connect to an abstract socket", LANDLOCK, (NO_SOCKET_RULES, NO_SCOPES)),
    Sabotage("send from a socket pair", LANDLOCK, (PAIRS, AS_USER)),
    Sabotage("read a file at home", BOTH, (SEE_HOME, UNCHECKED_HOME)),
    Sabotage("read another file", BOTH, (SEE_AROUND,)),
    Sabotage("write outside", BUBBLEWRAP, (SEE_AROUND, BIND_WRITABLE)),
    Sabotage("write outside", LANDLOCK, (SEE_AROUND, LOOK_WRITABLE)),
    Sabotage("write to what is readable", BUBBLEWRAP, (BIND_WRITABLE,)),
    Sabotage("write to what is readable", LANDLOCK, (LOOK_WRITABLE,)),
    Sabotage("delete outside", LANDLOCK, (SEE_AROUND, LOOK_WRITABLE, AS_USER)),
    Sabotage("truncate outside", LANDLOCK, (SEE_AROUND, LOOK_WRITABLE)),
    Sabotage("open to all", LANDLOCK, (TEMPER_MODES, AS_USER)),
    Sabotage("change a date", LANDLOCK, (TEMPER_MODES, AS_USER)),
    Sabotage("leave a symbolic link", BOTH, (ANY_LINK,)),
    Sabotage("leave a link through links", BOTH, (ANY_DOTS,)),
    Sabotage("leave a hard link", LANDLOCK, (SEE_AROUND, LOOK_WRITABLE, AS_USER)),
    Sabotage("write to a hard link", LANDLOCK, (SHARED_LINKS,)),
    Sabotage("leave a pipe", LANDLOCK, (ANY_KIND,)),
    Sabotage("leave a set-uid program", BUBBLEWRAP, (ANY_BIT, NO_OWNER)),
    Sabotage("leave a set-uid program", LANDLOCK, (ANY_BIT, TEMPER_MODES, NOT_BACK)),
    Sabotage("leave a depth", BOTH, (DEEP,)),
    Sabotage("find open files", BOTH, (OPEN_DOOR,)),
    Sabotage("open by handle", BUBBLEWRAP, (HANDLES,)),
    Sabotage("read the environment", BUBBLEWRAP, (INHERIT, KEEP, PASS_ON)),
    Sabotage("read the environment", LANDLOCK, (INHERIT, PASS_ON)),
    Sabotage("read every environment", BUBBLEWRAP, (INHERIT, AS_USER)),
    Sabotage("kill a process", BUBBLEWRAP, (SAME_PROCESSES, AS_USER)),
    Sabotage("kill a process", LANDLOCK, (NO_SCOPES, NO_SEAL, AS_USER)),
    Sabotage("kill a process", LANDLOCK, (OLD_KERNEL, NO_SIGNAL_RULES, NO_SEAL, AS_USER)),
    Sabotage("limit a process", LANDLOCK, (OTHERS_LIMITS, AS_USER)),
    Sabotage("outlive the command", BUBBLEWRAP, (SAME_PROCESSES,)),
    Sabotage("outlive the command", LANDLOCK, (LEAVE_ALONE,)),
    Sabotage("overrun the time", BOTH, (LATE,)),
    Sabotage("fork", BOTH, (NO_PROCESS_LIMIT, NO_PROCESS_WATCH)),
    Sabotage("allocate memory", BOTH, (NO_MEMORY_LIMIT, NO_ADDRESS_LIMIT, NO_MEMORY_WATCH)),
    Sabotage("allocate memory together", BOTH, (NO_MEMORY_WATCH,)),
    Sabotage("allocate shared memory", BOTH, (("usage", '(b"RssAnon:", b"RssShmem:")', '(b"RssAnon:",)'),)),
    Sabotage("hide memory", BOTH, (MEMFD,)),
    Sabotage("fill the folder", BOTH, (LARGE_FOLDER,)),
    Sabotage("fill shared memory", BUBBLEWRAP, (LARGE_FOLDER,)),
    Sabotage("write a large file", BOTH, (("instruction", '"RLIMIT_FSIZE": ', '"RLIMIT_FSIZE": 100 * '),)),
    Sabotage("flood", BOTH, (NO_CAP, NO_CUT)),
)
SOUND = (  # weaker surroundings, in which the remaining protections must do
    Sabotage("kill a process", LANDLOCK, (OLD_KERNEL, NO_SEAL, AS_USER)),
    Sabotage("kill a process", LANDLOCK, (NO_SCOPES, AS_USER)),
    Sabotage("outlive the command", LANDLOCK, (NO_SEAL,)),
    Sabotage("connect to an abstract socket", LANDLOCK, (NO_SCOPES,)),
    Sabotage("connect to a server", LANDLOCK, (NO_TCP_RULES,)),
    *(
        Sabotage(attack, BOTH, (AS_USER,))
        for attack in ("open to all", "change a date", "fork", "read every environment")
    ),
)
APPLICABLE = tuple(sabotage for sabotage in TABLE if sabotage.attack in ATTACKS)
