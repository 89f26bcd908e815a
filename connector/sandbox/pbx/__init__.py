"""A PBX that executes a CRM template as 3CX does, so that the template itself is what is tried.

box.SandboxPbx is the PBX; everything below it is the template engine. Where sources about 3CX
differ, the stricter reading is built: what passes here passes there.
"""
