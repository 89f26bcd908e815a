"""What the template engine complains about, in 3CX's own opaque words."""


class EngineError(Exception):
    """An expression cannot be evaluated; the PBX drops the whole step and writes a line of log."""


class UploadRefused(Exception):
    """The PBX does not take the template: "incorrect file format"."""
