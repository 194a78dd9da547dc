"""A real SMTP server for the tests, that answers as its options say.

Prints JSON lines: first {"port": …}, then one for each message as it is taken:
{"from", "to": […], "data": base64, "tls", "user", "peer" (its port), "headers": {name: decoded value}, "text", "html", "defects": […]}.
Headers and parts are read by Python's own email package. Ends when its standard input does.
"""

import argparse
import asyncio
import base64
import email
import email.policy
import json
import logging
import ssl
import sys
import warnings

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(fields):
    print(json.dumps(fields), flush=True)


class Handler:
    def __init__(self, options):
        self.options = options
        # Of all connections.
        self.refusals = options.refusals

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.options.reply_451 and self.refusals.get(address, 0) < self.options.times:
            self.refusals[address] = self.refusals.get(address, 0) + 1
            return "451 4.3.0 the mailbox is\tbusy\x07, try later"
        if address in self.options.reply_550:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(address in self.options.slow for address in envelope.rcpt_tos):
            await asyncio.sleep(self.options.delay_seconds)
        say(received(server.transport, session, envelope))
        return "250 2.0.0 taken"


def received(transport, session, envelope):
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    parts = list(message.walk())

    def part(kind):
        found = [p.get_content() for p in parts if p.get_content_type() == kind]
        return found[0].replace("\r\n", "\n") if len(found) == 1 else None

    return {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "data": base64.b64encode(envelope.content).decode(),
        "tls": transport.get_extra_info("ssl_object") is not None,
        "user": session.auth_data,
        "peer": session.peer[1],
        "headers": {name: str(value) for name, value in message.items()},
        "header_count": len(message.items()),
        "text": part("text/plain"),
        "html": part("text/html"),
        "defects": [type(defect).__name__ for p in parts for defect in p.defects],
    }


def authenticator(options):
    def check(server, session, envelope, mechanism, auth_data):
        right = isinstance(auth_data, LoginPassword) and (
            f"{auth_data.login.decode()}:{auth_data.password.decode()}" == options.auth
        )
        return AuthResult(success=right, handled=False, auth_data=auth_data.login.decode() if right else None)

    return check


def certificate(path):
    """A CA of this run, written to `path`, and a certificate of it for this machine."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


async def serve(options):
    context = certificate(options.ca_file) if options.tls != "none" else None

    def session():
        return SMTP(
            Handler(options),
            enable_SMTPUTF8=True,
            hostname="mail.test",
            ident="test",
            tls_context=context if options.tls == "starttls" else None,
            require_starttls=options.tls == "starttls",
            authenticator=authenticator(options) if options.auth else None,
            auth_required=bool(options.auth),
            auth_require_tls=False,
        )

    implicit = context if options.tls == "implicit" else None
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0, ssl=implicit)
    say({"port": server.sockets[0].getsockname()[1]})
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.set_defaults(refusals={})
    parser.add_argument("--reply-451", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--times", type=int, default=1_000_000, help="so often --reply-451, for each address")
    parser.add_argument("--reply-550", action="append", default=[], metavar="ADDRESS")
    parser.add_argument("--slow", action="append", default=[], metavar="ADDRESS", help="waits before it takes the data")
    parser.add_argument("--delay-seconds", type=float, default=60)
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--ca-file", help="where to write the CA's certificate, with --tls")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="takes mail from this user only")
    # Refused certificates and passwords are what is tested; only what ends the server need be said.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
