"""All models of this room: Django looks for them here, and so does everybody else.

Each stands in the module that is named after what it owns.
"""

from __future__ import annotations

from books.book_models import Book as Book
from books.book_models import BookLine as BookLine
from books.book_models import Request as Request
from books.copy_models import ShelfCopy as ShelfCopy
from books.copy_models import ShelfCopyHistory as ShelfCopyHistory
from books.corrections import Correction as Correction
from books.cover_models import Cover as Cover
from books.library_models import Library as Library
from books.library_models import ShelfServer as ShelfServer
from books.moving_models import MoveIn as MoveIn
from books.moving_models import MoveInLine as MoveInLine
from books.people import Author as Author
from books.people import Credit as Credit
from books.people import Series as Series
from books.people import SeriesPlace as SeriesPlace
from books.profiles import Profile as Profile
from books.sources import MetadataSource as MetadataSource
from books.sources import SourceAnswer as SourceAnswer
from books.volumes import Volume as Volume
