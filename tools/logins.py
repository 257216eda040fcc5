"""The demonstration's log-ins as `./run up` shows them: what was kept of them, with the codes of now."""

import json
import time
from datetime import datetime

from tools import totp


def shown(kept: str) -> str:
    """Return a line for each of what `demo_logins --json` printed; codes are never kept, they pass."""
    logins = json.loads(kept)
    width = max(len(login["email"]) for login in logins)
    until = datetime.fromtimestamp((time.time() // totp.PERIOD + 1) * totp.PERIOD)
    lines = []
    for login in logins:
        line = f"{login['email']:<{width}}  {login['password']}  {login['role']}"
        if secret := login.get("totp_secret"):
            code = totp.code(secret, left=0)
            line += f"  (code until {until:%H:%M:%S}: {code}, from {secret})"
        lines.append(line)
    return "\n".join(lines)
