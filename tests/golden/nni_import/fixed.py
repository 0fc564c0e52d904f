"""No annotation, and still a trial: NNI is called in code."""
from __future__ import annotations

import json

try:
    import nni  # left as it is
except ImportError:
    nni = None


def main():
    from nni import report_final_result

    params = nni.get_next_parameter()
    rate = nni.choice(0.1, 0.01, name="rate")
    nni.report_intermediate_result(rate)
    report_final_result(len(json.dumps(params)))


if __name__ == "__main__":
    main()
