"""What is told in figures: size, seeders, age."""

from __future__ import annotations

from indexers.decisions.case import Case, Objection
from indexers.names.markers import Mark
from tame.lib import moments
from tame.lib.numbers import counted
from tame.lib.sizes import readable

SMALLEST = 15 * 10**6  # bytes of a whole book at a low bitrate, three quarters of an hour
SMALLEST_SOUND = 4 * 10**6  # bytes of a poem or a story, a quarter of an hour at 32 kbit/s

LOSSLESS, CD_KBPS = {"flac", "alac", "ape", "wav"}, 1411


def size(case: Case) -> Objection | None:
    """Bytes per second of the expected duration; without one only what no book can be."""
    size_ = case.offer.size
    if not size_:
        return None
    if case.taste.largest and size_ > case.taste.largest:
        return Objection("size", f"It is larger than the profile allows: {readable(size_)}.")
    seconds = case.wanted.expected_seconds
    if seconds and not case.is_box_set:
        kbps = size_ * 8 / seconds / 1000
        if kbps < case.taste.slowest_kbps:
            rate = f"{kbps:.0f}" if kbps >= 1 else "less than 1"
            return Objection("size", f"At {rate} kbit/s for its duration it is too small.")
        if kbps > fastest(case):
            return Objection(
                "size", f"At {kbps:.0f} kbit/s for its duration it is too large.", is_grave=False
            )
        return None
    if size_ < (SMALLEST_SOUND if says_sound(case) else SMALLEST):
        return Objection("size", f"{readable(size_)} hold no whole book.", is_grave=False)
    return None


def fastest(case: Case) -> int:
    """What is lossless and says so may have the rate of a CD."""
    lossless = LOSSLESS & set(case.fit.audio_formats)
    return max(case.taste.fastest_kbps, CD_KBPS) if lossless else case.taste.fastest_kbps


def says_sound(case: Case) -> bool:
    """Then it may be a poem or a short story; else it is rather a text."""
    sounds = case.fit.has(Mark.AUDIO, Mark.BITRATE, Mark.NARRATOR, Mark.UNABRIDGED)
    return sounds and not case.fit.has(Mark.EBOOK)


def seeders(case: Case) -> Objection | None:
    """Unknown is not zero."""
    count = case.offer.seeders
    if count is None or count >= case.taste.least_seeders:
        return None
    seed = counted(count, "person seeds", "people seed")
    said = f"Only {seed} it" if count else "Nobody seeds it"
    return Objection("seeders", f"{said}.", lasts=False, is_grave=False)


def released(case: Case) -> Objection | None:
    """Before a book is out, what bears its name is something else."""
    day = case.wanted.published_on
    if day is None or case.offer.published_at is None or day <= case.now.date():
        return None
    said = moments.day(day)
    return Objection(
        "not yet released", f"The book is not out before {said}.", lasts=False, is_grave=False
    )


def link(case: Case) -> Objection | None:
    if case.offer.has_link:
        return None
    return Objection("link", "Its indexer gave no link to a torrent.", lasts=False)


def age(case: Case) -> Objection | None:
    published, oldest = case.offer.published_at, case.taste.oldest_days
    if oldest is None or published is None:
        return None
    days = (case.now - published).days
    if days <= oldest:
        return None
    old = counted(days, "day")
    return Objection("age", f"It is {old} old; the profile allows {oldest}.", is_grave=False)


def freeleech(case: Case) -> Objection | None:
    if not case.taste.freeleech_only or case.offer.download_factor == 0:
        return None
    return Objection("freeleech", "It is not freeleech.", lasts=False, is_grave=False)


def seeding(case: Case) -> Objection | None:
    """What the indexer demands of whoever takes it."""
    ratio, seconds = case.offer.minimum_ratio, case.offer.minimum_seed_seconds
    most, longest = case.taste.most_ratio, case.taste.most_seed_seconds
    if most is not None and ratio is not None and ratio > most:
        said = f"It has to be seeded to a ratio of {ratio:g}; the profile allows {most:g}."
        return Objection("seeding", said, is_grave=False)
    if longest is not None and seconds is not None and seconds > longest:
        asked, allowed = f"{seconds / 3600:g} hours", f"{longest / 3600:g}"
        said = f"It has to be seeded for {asked}; the profile allows {allowed}."
        return Objection("seeding", said, is_grave=False)
    return None
