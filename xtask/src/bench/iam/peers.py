"""Runs one of the other linters over policies, in one process: peers.py PEER POLICIES DATA.

POLICIES is a JSON file with a list of policies, each a text of JSON. DATA is the folder of the IAM reference for
iam-policy-validator. Prints JSON: the seconds that it took, and for each policy the names of the findings.
"""

import asyncio
import json
import logging
import sys
import time


def parliament(policies, _data):
    from parliament import analyze_policy_string

    def names(text):
        try:
            return [finding.issue for finding in analyze_policy_string(text).findings]
        except Exception as error:  # it fails on some policies, which counts as its finding
            return [f"EXCEPTION {type(error).__name__}"]

    return [names(text) for text in policies]


def iam_policy_validator(policies, data):
    from iam_validator.core.models import IAMPolicy
    from iam_validator.core.policy_checks import validate_policies

    found = [[] for _ in policies]
    readable = []
    for number, text in enumerate(policies):
        try:
            raw = json.loads(text)
            readable.append((str(number), IAMPolicy.model_validate(raw), raw))
        except Exception:
            found[number] = ["invalid_policy"]
    run = validate_policies(readable, policy_type="IDENTITY_POLICY", aws_services_dir=data)
    for result in asyncio.run(run):
        found[int(result.policy_file)] = [issue.issue_type for issue in result.issues]
    return found


def cfn_lint(policies, _data):
    from cfnlint.api import lint_all

    def names(text):
        properties = {"PolicyDocument": json.loads(text)}
        resource = {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}
        template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Policy": resource}}
        return [match.rule.id for match in lint_all(json.dumps(template))]

    return [names(text) for text in policies]


def main():
    peer, policies, data = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    with open(policies, encoding="utf-8") as file:
        texts = json.load(file)
    run = {"parliament": parliament, "iam-policy-validator": iam_policy_validator, "cfn-lint": cfn_lint}[peer]
    start = time.perf_counter()
    found = run(texts, data)
    json.dump({"seconds": time.perf_counter() - start, "found": found}, sys.stdout)


main()
