"""A watched prefix of an S3: objects are fetched one by one, as they were seen, and then moved."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from dinamis.said import gettext as _
from orders.inboxes.naming import group, is_settled
from orders.inboxes.protocol import PARTS_MAX, Changed, InboxTrouble, Part, Thing

_CHUNK = 4 * 1024 * 1024
_MISSING = {"404", "NoSuchKey"}
_CHANGED = {"412", "PreconditionFailed", "416", "InvalidRange"}


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _CHANGED:
            raise Changed from error
        raise InboxTrouble(f"S3: {code or error}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise InboxTrouble(f"S3: {error}") from error


class S3Inbox:
    """Nothing is renamed in S3: what was seen is fetched by its tag, so that a change is noticed."""

    sets_aside = False

    def __init__(self, bucket: str, prefix: str, *, endpoint: str | None, region: str) -> None:
        self.bucket, self.prefix = bucket, f"{prefix}/" if prefix else ""
        self._where = {"endpoint_url": endpoint, "region_name": region}

    def look(self) -> list[Thing]:
        return group(self._below(""))

    def parts(self, path: str) -> list[Part]:
        found = [*self._below(f"{path}/")] or [p for p in self._below(path) if p.path == path]
        return sorted(found, key=lambda part: part.path)

    def local(self, path: str) -> Path | None:
        return None

    def fetch(self, part: Part, into: Path) -> bool:
        into.parent.mkdir(parents=True, exist_ok=True)
        half = into.with_name(f"{into.name}.part")
        have = half.stat().st_size if half.exists() else 0
        if have > part.size:
            half.unlink()
            have = 0
        if have < part.size or not part.size:
            ranged = {"Range": f"bytes={have}-"} if have else {}
            with _told(), half.open("ab") as out:
                got = self._client.get_object(
                    Bucket=self.bucket, Key=self._key(part.path), IfMatch=part.stamp, **ranged
                )
                for piece in got["Body"].iter_chunks(_CHUNK):
                    out.write(piece)
        if half.stat().st_size != part.size:
            half.unlink()
            raise InboxTrouble(
                _("%(file)s came in another length than said.") % {"file": part.path}
            )
        half.rename(into)
        return True

    def move(self, source: str, target: str, parts: Sequence[Part] = ()) -> None:
        for part in parts:
            if part.path == source or part.path.startswith(f"{source}/"):
                self._move(part, target + part.path.removeprefix(source))

    def write(self, path: str, text: str) -> None:
        with _told():
            self._client.put_object(
                Bucket=self.bucket,
                Key=self._key(path),
                Body=text.encode(),
                ContentType="text/plain; charset=utf-8",
            )

    def put(self, path: str, source: BinaryIO, size: int) -> None:
        raise InboxTrouble("S3: files are put by a signed address")

    def signed_put(self, path: str, seconds: int) -> str | None:
        with _told():
            return self._client.generate_presigned_url(
                "put_object",
                Params={"Bucket": self.bucket, "Key": self._key(path)},
                ExpiresIn=seconds,
            )

    def remove(self, path: str) -> None:
        with _told():
            self._client.delete_object(Bucket=self.bucket, Key=self._key(path))

    def _move(self, part: Part, target: str) -> None:
        source = {"Bucket": self.bucket, "Key": self._key(part.path)}
        try:
            with _told():
                self._client.copy(
                    source,
                    self.bucket,
                    self._key(target),
                    ExtraArgs={"CopySourceIfMatch": part.stamp},
                    Config=TransferConfig(max_concurrency=2),
                )
        except Changed:
            return  # another object by now: it is seen as a new delivery
        except InboxTrouble as trouble:
            cause = trouble.__cause__
            code = cause.response["Error"]["Code"] if isinstance(cause, ClientError) else ""
            if code in _MISSING:
                return  # moved by an earlier try
            raise
        self.remove(part.path)

    def _below(self, start: str) -> Iterator[Part]:
        with _told():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix + start
            )
            count = 0
            for page in pages:
                for found in page.get("Contents", ()):
                    path = found["Key"].removeprefix(self.prefix)
                    if not path or path.endswith("/"):
                        continue  # what consoles make to show an empty folder
                    count += not is_settled(path)
                    if count > PARTS_MAX:
                        limit = {"limit": PARTS_MAX}
                        raise InboxTrouble(_("There are more than %(limit)d files.") % limit)
                    yield Part(path, found["Size"], found["ETag"])

    def _key(self, path: str) -> str:
        return self.prefix + path

    @cached_property
    def _client(self) -> Any:
        return boto3.client(
            "s3",
            **self._where,
            config=Config(
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3},
                signature_version="s3v4",
                s3={"addressing_style": "path"},
            ),
        )
