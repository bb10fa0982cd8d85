"""The operations of an OpenAPI document that a short fuzz looks at: all that differ from the released document, and a few others.

usage: drawn.py DOCUMENT RELEASED SIZE DRAW     prints an operationId a line; without the file RELEASED every operation differs
       drawn.py --self-test
"""

import hashlib, json, os, sys

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def resolved(document, node, open_references=()):
    """The node without references: what each points to stands in its place; one that is open already, as a number of levels."""
    if isinstance(node, list):
        return [resolved(document, item, open_references) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {key: resolved(document, value, open_references) for key, value in node.items()}
    if reference in open_references:
        return {"levels up": len(open_references) - open_references.index(reference)}
    target = document
    for step in reference.removeprefix("#/").split("/"):
        target = target[step.replace("~1", "/").replace("~0", "~")]
    whole = resolved(document, target, (*open_references, reference))
    beside = {key: resolved(document, value, open_references) for key, value in node.items() if key != "$ref"}
    return {**whole, **beside} if isinstance(whole, dict) else whole


def digests(document):
    """The digest of each operation by its id: where it is, what its path demands, and itself, all without references."""
    found = {}
    for path, item in document["paths"].items():
        shared = resolved(document, item.get("parameters", []))
        for method in METHODS:
            if method in item:
                whole = [path, method, shared, resolved(document, item[method])]
                canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"))
                found[item[method]["operationId"]] = hashlib.sha256(canonical.encode()).hexdigest()
    return found


def drawn(document, released, size, draw):
    """Those that differ, and `size` of the others: the ones that come first in an order that `draw` makes."""
    now, then = digests(document), digests(released) if released else {}
    differing = [name for name in now if now[name] != then.get(name)]
    others = sorted(set(now) - set(differing), key=lambda name: hashlib.sha256(f"{draw} {name}".encode()).digest())
    return differing, others[:size]


def self_test():
    def document(text="text", name="Part", responses=None):
        part = {"type": "object", "properties": {"a": {"type": text}, "part": {"$ref": f"#/components/schemas/{name}"}}}
        answer = responses or {"200": {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}}
        paths = {f"/{n}": {"get": {"operationId": f"read_{n}", "responses": {}}} for n in range(9)}
        paths["/{id}"] = {
            "parameters": [{"$ref": "#/components/parameters/a~1b"}],
            "get": {"operationId": "read", "responses": answer},
        }
        parameters = {"a/b": {"name": "id", "in": "path", "schema": {"type": text}}}
        return {"paths": paths, "components": {"schemas": {name: part}, "parameters": parameters,
            "responses": {"Shared": {"description": "shared"}}}}

    every = {"read", *(f"read_{n}" for n in range(9))}
    differing, others = drawn(document(), None, 3, 1)
    assert (set(differing), others) == (every, []), "without a released document all differ"
    differing, others = drawn(document(), document(), 3, 1)
    assert differing == [] and len(set(others)) == 3, "nothing differs from itself, and three others are drawn"
    assert drawn(document(), document(), 3, 1)[1] == others, "the same number draws the same"
    assert any(drawn(document(), document(), 3, n)[1] != others for n in range(2, 9)), "another number draws others"
    assert drawn(document("number"), document(), 0, 1)[0] == ["read"], "a change behind a reference is a change of who refers to it"
    assert drawn(document(name="Piece"), document(), 0, 1)[0] == [], "the name of a component is nothing, in a circle either"
    inline, shared = {"403": {"description": "shared"}}, {"403": {"$ref": "#/components/responses/Shared"}}
    assert drawn(document(responses=shared), document(responses=inline), 0, 1)[0] == [], "a response that moves is the same"
    moved = document()
    moved["paths"]["/other"] = moved["paths"].pop("/3")
    assert drawn(moved, document(), 0, 1)[0] == ["read_3"], "an operation at another path differs"
    posted = document()
    posted["paths"]["/4"] = {"post": posted["paths"]["/4"]["get"]}
    assert drawn(posted, document(), 0, 1)[0] == ["read_4"], "an operation with another method differs"
    print("drawn: the choice of operations chooses what it should")


if sys.argv[1:] == ["--self-test"]:
    self_test()
else:
    with open(sys.argv[1]) as file:
        current = json.load(file)
    earlier = None
    if os.path.exists(sys.argv[2]):
        with open(sys.argv[2]) as file:
            earlier = json.load(file)
    differing, others = drawn(current, earlier, int(sys.argv[3]), int(sys.argv[4]))
    print("\n".join([*differing, *others]))
    known = f"{len(differing)} differ from {sys.argv[2]}" if earlier else f"all {len(differing)}, as there is no {sys.argv[2]}"
    print(f"{known}; {len(others)} others, drawn with {sys.argv[4]}", file=sys.stderr)
