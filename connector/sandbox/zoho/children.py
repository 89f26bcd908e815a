"""Notes and attachments under a record."""

import base64
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

from .exchange import Answer, Refusal, answer_json, answer_nothing
from .listing import read_fields
from .modules import describe_change, keep_record, refuse_gone
from .organisation import HIDDEN
from .reading import show_record
from .shelf import Record
from .visit import Visit

MOST_BYTES = 20 * 1024 * 1024
CONTENT = f"{HIDDEN}content"


def list_children(visit: Visit, *, child: str, parent: tuple[str, str]) -> Answer:
    """GET /{module}/{id}/Notes and /Attachments"""
    found = [r for r in visit.shelf(child) if is_child(r, parent=parent)]
    if not found:
        return answer_nothing()
    organisation, fields = visit.organisation, read_fields(visit)
    data = [show_record(organisation, module=child, record=r, fields=fields) for r in found]
    info = {"per_page": 200, "count": len(data), "page": 1, "more_records": False}
    return answer_json({"data": data, "info": info})


def is_child(record: Record, *, parent: tuple[str, str]) -> bool:
    link = record["Parent_Id"]
    return (link["module"]["api_name"], link["id"]) == parent


def attach_file(visit: Visit, *, parent: tuple[str, str]) -> Answer:
    """POST /{module}/{id}/Attachments, multipart with `file`, or with `attachmentUrl`."""
    module, parent_id = parent
    if visit.shelf(module).get(parent_id) is None:
        raise refuse_gone()
    name, content = read_file(visit)
    if len(content) > MOST_BYTES:
        raise Refusal("REQUEST_ENTITY_TOO_LARGE", "the file is too large", status=413)
    me = {"id": visit.user.id}
    record: Record = {
        "id": visit.organisation.take_id(),
        "File_Name": name,
        "Size": len(content),
        "Parent_Id": {"module": {"api_name": module}, "id": parent_id},
        "Owner": me,
        "Created_By": me,
        "Created_Time": visit.now(),
        CONTENT: base64.b64encode(content).decode(),
    }
    keep_record(visit, module="Attachments", record=record, automated=False)
    verdict = describe_change(
        visit,
        module="Attachments",
        record_id=record["id"],
        message="attachment uploaded successfully",
    )
    return answer_json({"data": [verdict]})


def read_file(visit: Visit) -> tuple[str, bytes]:
    """File name and bytes; for a linked attachment its address and none."""
    parts = read_multipart(visit.request.headers.get("Content-Type", ""), visit.request.body)
    link = visit.request.query.get("attachmentUrl")
    for part in parts:
        field = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if field == "file" and isinstance(content, bytes):
            return part.get_filename() or "file", content
        if field == "attachmentUrl" and isinstance(content, bytes):
            link = content.decode("utf-8", "replace")
    if link:
        return link, b""
    details = {"api_name": "file"}
    raise Refusal("MANDATORY_NOT_FOUND", "required field not found", details=details)


def read_multipart(content_type: str, body: bytes) -> list[Message]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    return list(message.iter_parts()) if message.is_multipart() else []


def send_attachment(visit: Visit, attachment_id: str) -> Answer:
    """GET /{module}/{id}/Attachments/{id}: the bytes as they came."""
    record = visit.shelf("Attachments").get(attachment_id)
    if record is None:
        return answer_nothing()
    return Answer(200, base64.b64decode(record[CONTENT]), "application/octet-stream")
