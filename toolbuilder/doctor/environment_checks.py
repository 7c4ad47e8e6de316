"""Checks of the environments that hold secrets: who gets at them, and which key lies where it is needed."""

from toolbuilder.doctor.facts import Environment, Hub, Known, Surroundings, Unknown
from toolbuilder.doctor.findings import Check, Verdict, of, ok, problem, warning
from toolbuilder.doctor.pages import environments_page, limit_environment, set_secret

BUILDING, PUBLISHING = "toolbuilder", "toolbuilder-publish"
KEY, APP_KEY, SIGNING_KEY = "ANTHROPIC_API_KEY", "TOOLBUILDER_APP_PRIVATE_KEY", "TOOLBUILDER_SIGNING_KEY"


def building(found: Surroundings) -> Verdict:
    """Check that only the default branch gets at the key of the model."""
    return of(found.hub, lambda hub: of(hub.building, lambda env: _limited(env, hub, BUILDING)))


def _limited(found: Environment | None, hub: Hub, name: str) -> Verdict:
    if found is None:
        return warning(
            f"there is no environment {name}; the first run makes one that is open to all branches",
            limit_environment(hub, name),
        )
    if found.waits_for:
        fix = f"take the required reviewers away at {environments_page(hub)}, or leave it so"
        return warning(f"a person has to let every job into {name}", fix)
    if found.protected_only:
        return ok(f"{name} is open to protected branches only")
    if found.branches is None or set(found.branches) - {hub.default_branch}:
        to = "all branches" if found.branches is None else ", ".join(found.branches)
        told = f"{name} is open to {to}: a workflow that somebody changed there gets at its secrets"
        return problem(told, limit_environment(hub, name))
    return ok(f"{name} is open to {hub.default_branch} only")


def key(found: Surroundings) -> Verdict:
    """Check that the key of the model lies in its environment, and nowhere else."""
    return of(found.hub, lambda hub: of(hub.building, lambda env: _key(env, hub)))


def _key(found: Environment | None, hub: Hub) -> Verdict:
    if _everywhere(hub, KEY):
        return _exposed(hub, KEY, set_secret(hub, KEY, BUILDING))

    def judge(names: tuple[str, ...]) -> Verdict:
        if KEY in names:
            return ok(f"{KEY} is in {BUILDING}")
        return warning(f"no {KEY} in {BUILDING}: the embedded engine builds alone", set_secret(hub, KEY, BUILDING))

    return of(found.secrets if found else (), judge)


def signing_key(found: Surroundings) -> Verdict:
    """Check that the key that signs commits lies where commits are made, and nowhere else."""
    return of(found.hub, lambda hub: of(found.signing, lambda signing: _signing_key(hub, wanted=signing.wanted)))


def _signing_key(hub: Hub, *, wanted: bool) -> Verdict:
    settings = " && ".join(f"{set_secret(hub, SIGNING_KEY, name)} <KEY" for name in (BUILDING, PUBLISHING))
    if _everywhere(hub, SIGNING_KEY):
        return _exposed(hub, SIGNING_KEY, settings)
    lacking = _lacking(hub)
    if not wanted and (isinstance(lacking, Unknown) or PUBLISHING in lacking):
        return ok("none is needed: commits are not signed")

    def judge(lacking: tuple[str, ...]) -> Verdict:
        if lacking and wanted:
            return problem(f"`sign_commits` is set, and no {SIGNING_KEY} is in {' and '.join(lacking)}", settings)
        limited = of(
            hub.publishing, lambda found: _limited(found, hub, PUBLISHING)
        )  # of the other, `environment` tells
        return limited if limited.level != "ok" else ok(f"{SIGNING_KEY} is where commits are made, and nowhere else")

    return of(lacking, judge)


def _lacking(hub: Hub) -> Known[tuple[str, ...]]:
    """Give the environments of jobs that commit which have no key to sign with."""
    found: list[str] = []
    for name, place in ((BUILDING, hub.building), (PUBLISHING, hub.publishing)):
        names = place.secrets if isinstance(place, Environment) else place or ()
        if isinstance(names, Unknown):
            return names
        found += [name] if SIGNING_KEY not in names else []
    return tuple(found)


def _everywhere(hub: Hub, name: str) -> bool:
    return not isinstance(hub.secrets, Unknown) and name in hub.secrets


def _exposed(hub: Hub, name: str, settings: str) -> Verdict:
    told = f"{name} is a secret of the repository: every workflow of every branch can read it"
    return problem(told, f"{settings} && gh secret delete {name} --repo {hub.repository}")


def app(found: Surroundings) -> Verdict:
    """Check that pull requests are opened by a GitHub App, whose key only the publishing job has."""
    return of(found.hub, lambda hub: of(hub.has_app, lambda has: _app(hub, has_app=has)))


def _app(hub: Hub, *, has_app: bool) -> Verdict:
    if not has_app:
        told = "no GitHub App: the checks of tools' pull requests wait until a person approves them"
        variable = f"gh variable set TOOLBUILDER_APP_CLIENT_ID --repo {hub.repository}"
        return warning(told, f"install one, then {variable} && {set_secret(hub, APP_KEY, PUBLISHING)}")

    def judge(environment: Environment | None) -> Verdict:
        limited = _limited(environment, hub, PUBLISHING)
        return of(environment.secrets, lambda names: _app_key(names, limited, hub)) if environment else limited

    return of(hub.publishing, judge)


def _app_key(names: tuple[str, ...], limited: Verdict, hub: Hub) -> Verdict:
    if APP_KEY not in names:
        return problem(
            f"TOOLBUILDER_APP_CLIENT_ID is set, and {APP_KEY} is missing", set_secret(hub, APP_KEY, PUBLISHING)
        )
    return limited


ENVIRONMENT_CHECKS = (
    Check("environment", building),
    Check("key", key),
    Check("signing key", signing_key),
    Check("app", app),
)
