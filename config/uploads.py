"""No page of the portal takes files, so none are received."""

from typing import Any, NoReturn

from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class RefusedUploads(FileUploadHandler):
    """Ends the reading of a form at the first file.

    Django's own handlers write a file of any size to the disk, and do so before anybody has asked
    who sends it.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called: no file begins."""

    def file_complete(self, file_size: int) -> None:
        """No file comes out of it."""
