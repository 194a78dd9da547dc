"""A real S3 server for the tests: moto's. It knows permissions, and lists uploads that were not finished.

Prints one JSON line, {"endpoint", "access_key", "secret_key"}, and serves the empty bucket "files" until its standard
input ends. --ca-file PATH: with TLS, by a certificate of a CA that is written there. --allow ACTIONS: signatures are
checked, and the key may do no more than these actions, such as s3:ListBucket.
"""

import argparse
import json
import logging
import os
import sys
import threading

BUCKET = "files"
# Making the user, its key, its policy and the bucket comes before anybody is asked for permission.
STEPS_BEFORE = 4


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ca-file")
    parser.add_argument("--allow", type=lambda text: text.split(","))
    return parser.parse_args()


def context(ca_file):
    import ssl

    import trustme

    ca = trustme.CA()
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(made)
    ca.cert_pem.write_to_path(ca_file)
    return made


def key_of(client, actions):
    client("iam").create_user(UserName="tocsin")
    key = client("iam").create_access_key(UserName="tocsin")["AccessKey"]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    client("iam").put_user_policy(UserName="tocsin", PolicyName="tocsin", PolicyDocument=json.dumps(policy))
    return key["AccessKeyId"], key["SecretAccessKey"]


def main():
    asked = options()
    if asked.allow:
        os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = str(STEPS_BEFORE)
    logging.disable(logging.CRITICAL)

    import boto3
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    application = DomainDispatcherApplication(create_backend_app)
    tls = context(asked.ca_file) if asked.ca_file else None
    server = make_server("127.0.0.1", 0, application, threaded=True, ssl_context=tls)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"{'https' if tls else 'http'}://localhost:{server.server_port}"

    def client(service):
        return boto3.client(
            service,
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            verify=asked.ca_file or True,
        )

    access_key, secret_key = key_of(client, asked.allow) if asked.allow else ("test", "test")
    client("s3").create_bucket(Bucket=BUCKET)
    print(json.dumps({"endpoint": endpoint, "access_key": access_key, "secret_key": secret_key}), flush=True)
    sys.stdin.read()


main()
