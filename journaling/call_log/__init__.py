"""The other half of the proof: the PBX's own call log beside the reports that arrived.

`matching` tells which calls were reported, `days` compares one day and adds what was not,
`twins` recognises a report that comes after all. Reports and the log are made by the same clock;
where the log's is in another zone, or off, that is seen from the calls themselves.
"""
