"""Families of Prometheus metrics, from numbers by label."""

from collections.abc import Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from connector.counting.tallies import BUCKETS

Rows = Iterable[tuple[Mapping[str, str], float]]
PREFIX = "patchbay_"


def gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, words, value=value)


def gauges(name: str, words: str, rows: Rows, *, labels: Iterable[str]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(PREFIX + name, words, labels=list(labels))
    fill(family, rows, labels=list(labels))
    return family


def counter(
    name: str, words: str, rows: Rows, *, labels: Iterable[str], zeros: Iterable[tuple[str, ...]]
) -> CounterMetricFamily:
    """`zeros` are label values that appear with 0 before anything happened."""
    names = list(labels)
    known: dict[tuple[str, ...], float] = dict.fromkeys(zeros, 0)
    for row, value in rows:
        key = tuple(row.get(label, "") for label in names)  # counted before a label was added
        known[key] = known.get(key, 0) + value
    family = CounterMetricFamily(PREFIX + name, words, labels=names)
    for values, number in sorted(known.items()):
        family.add_metric(list(values), number)
    return family


def fill(family: GaugeMetricFamily, rows: Rows, *, labels: list[str]) -> None:
    for row, value in rows:
        family.add_metric([row[label] for label in labels], value)


def histogram(name: str, words: str, rows: Rows) -> HistogramMetricFamily:
    """Tallies hold each bucket by itself; Prometheus wants them summed up from below."""
    found = {row["le"]: value for row, value in rows}
    total, buckets = 0.0, []
    for end in [*map(str, BUCKETS[name]), "+Inf"]:
        total += found.get(end, 0)
        buckets.append((end, total))
    return HistogramMetricFamily(
        PREFIX + name, words, buckets=buckets, sum_value=found.get("sum", 0)
    )
