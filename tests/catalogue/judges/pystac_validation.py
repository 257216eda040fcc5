"""Have pystac validate files with all their extensions: `python pystac_validation.py FILES…`."""

import json
import sys
from pathlib import Path

from offline import install
from pystac.validation import validate_dict

if __name__ == "__main__":
    install()
    for name in sys.argv[1:]:
        print(*validate_dict(json.loads(Path(name).read_text())))
