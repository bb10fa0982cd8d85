"""Adds to .ci/schemathesis.toml the ids that a caller may meet, mostly its own, so that requests go beyond "not found"; and
leaves out what says nothing of this caller, unless EVERY is set.

usage: URL=… TOKEN=… WHO=… [EVERY=1] world.py DOCUMENT      WHO is visitor, startup, investor or admin
"""

import json, os, sys, urllib.request

def get(path):
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"} if os.environ["TOKEN"] else {}
    return json.load(urllib.request.urlopen(urllib.request.Request(os.environ["URL"] + path, headers=headers)))

def ids(path):
    return [row["id"] for row in get(path)["data"]]

def some(kind, own):
    mine = [i for o in own for i in ids(f"/v1/{kind}?organisation={o}")]
    return mine * 3 + ids(f"/v1/{kind}?limit=3&sort=-updated_at")

me = get("/v1/me") if os.environ["TOKEN"] else {"memberships": []}
own = [m["organisation"] for m in me["memberships"]]
startups, investors = some("startups", own), some("investors", own)
others = [get(f"/v1/startups/{startups[-1]}")["organisation"], get(f"/v1/investors/{investors[-1]}")["organisation"]]
words = {
    "startups": startups,
    "investors": investors,
    "organisations": own * 3 + others,
    "memberships": [i for o in own for i in ids(f"/v1/organisations/{o}/members")],
    "versions": [f'"{n}-4"' for n in (1, 1, 1, 2, 2, 3, 4)],
    "revisions": [1, 1, 2],
    "markets": ["RU-CN", "FR-CN", "CN-RU"],
}
for name, values in words.items():
    if values:
        print(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}")

def bind(paths, **places):
    print(f"[[operations]]\ninclude-path-regex = '^/v1/{paths}'")
    for place, name in places.items():
        if words.get(name):
            print(f'parameters."{place.replace("__", ".")}" = {{dictionary = "{name}", probability = 0.8}}')

bind(r"startups$", body__organisation="organisations")
bind(r"investors$", body__organisation="organisations")
each = {"header__If-Match": "versions", "body__organisation": "organisations", "path__revision": "revisions"}
bind(r"startups/", path__id="startups", path__investor_id="investors", **each)
bind(r"investors/", path__id="investors", path__startup_id="startups", **each)
bind(r"organisations/", path__id="organisations", **each)
bind(r"memberships/", path__id="memberships", **each)
bind(r"reference/corridors/", path__pair="markets", **each)
bind(r"me$", **each)

def systematic(who, path, method, operation):
    """Whether this caller tries every edge of every field: thousands of calls where a body is large. A token that is missing
    is refused before anything is read, and what a body may hold is the same for all who may send it."""
    if who == "visitor":
        return {} in operation["security"]
    own = {"startup": "/v1/startups", "investor": "/v1/investors", "admin": "/assessment"}
    foreign = any(path.startswith(place) for place in own.values())
    return method == "get" or not foreign or own[who] in path

if not os.environ.get("EVERY"):
    with open(sys.argv[1]) as file:
        paths = json.load(file)["paths"]
    every = [(p, m, o) for p, item in paths.items() for m, o in item.items()]
    spared = [o["operationId"] for p, m, o in every if not systematic(os.environ["WHO"], p, m, o)]
    print(f"[[operations]]\ninclude-operation-id = {json.dumps(spared)}\nphases.coverage.enabled = false")
