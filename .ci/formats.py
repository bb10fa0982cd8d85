"""Values of the formats that openapi/openapi.json names and JSON Schema does not know; without them nearly every body that
.ci/api makes up is refused for its first text, and no sequence of calls gets anywhere."""

import schemathesis
from hypothesis import strategies as st

words = st.lists(st.sampled_from(["Otter", "Öl", "северный", "光学", "pilot", "O'Neil", "42"]), min_size=1, max_size=4)
line = words.map(" ".join)
label = st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True)

schemathesis.openapi.format("line", line)
schemathesis.openapi.format("paragraphs", st.lists(line, min_size=1, max_size=3).map("\n\n".join))
schemathesis.openapi.format("key", label)
schemathesis.openapi.format("password", line.map(lambda text: f"{text} sings at dawn"))
schemathesis.openapi.format("phone", st.from_regex(r"\+[1-9][0-9]{7,12}", fullmatch=True))
schemathesis.openapi.format("email-address", label.map(lambda name: f"{name}@example.org"))
schemathesis.openapi.format("web-address", label.map(lambda name: f"https://{name}.example.org/"))
schemathesis.openapi.format("currency", st.sampled_from(["EUR", "USD", "CNY", "RUB", "JPY"]))
