"""How fast TAME goes about things. All are settings: `tame/settings.py` takes them over."""

# --- Seconds, divided by HURRY (`hurried`) where they are read ------------------------------------

LEASE_SECONDS = 60  # a worker that holds a row longer than this without a word is dead
QUERY_SECONDS = 2  # between two queries to one indexer
SOURCE_SECONDS = 1  # between two questions to one metadata source
DESCRIBE_SECONDS = 20  # of the runner of the searches, while none is due
LISTED_WITHIN_SECONDS = 10  # an added torrent is in the client's list by then, or it failed
LOOK_AGAIN_SECONDS = 60  # a torrent that vanished is looked for once more after this
CLIENT_WARM_SECONDS = 120  # a client that just came up may not list everything yet
STALLED_SECONDS = 3600  # no byte for this long gets a warning
HOPELESS_SECONDS = 3 * 86400  # no seed and no metadata for this long: give the release up
SEED_SYNC_SECONDS = 600
RUNNER_SECONDS = 50  # a runner of long work hands over after this
TURN_SECONDS = 2  # a task waits for its turn at the clients, then leaves it to its next run
COMMAND_TURN_SECONDS = 600  # a command that moves files waits its turn so long, then gives up
AGAIN_SECONDS = 1  # before a task runs once more for what it left
TICK_SECONDS = 2  # between two syncs while somebody watches
TICK_RUN_SECONDS = 20  # a tick chain hands over after this, so that a stop is short
SCAN_LOOK_SECONDS = 1  # between two looks at what a scan of the shelf has found
SCAN_LOST_SECONDS = 60  # a scan that was asked for, runs no more and never ended was dropped
FOLDER_SETTLED_SECONDS = 600  # files that are younger may still be copied into a library
WATCHER_SECONDS = 30  # a shelf that watches its folder finds a book by itself within this

# --- Connect and read, in real seconds, also when TAME is in a hurry ------------------------------

INDEXER_TIMEOUT = (5, 45)  # Jackett gives up on a hanging tracker after 100 s
CLIENT_TIMEOUT = (3.05, 10)
SHELF_TIMEOUT = (3.05, 30)
SOURCE_TIMEOUT = (3.05, 8)
FETCH_TIMEOUT = (5, 20)  # all of a fetch takes twice their sum at most, which is within a lease

# --- How many -------------------------------------------------------------------------------------

BOOKS_PER_PASS = 50
MAX_ATTEMPTS = 5

# --- The supervisor: real seconds, too ------------------------------------------------------------

BEAT_SECONDS = 5  # a canary goes through the queue this often
STALL_SECONDS = 25  # a cluster that has not answered it for so long is dead, whatever it logs
DEAD_GRACE_SECONDS = 8  # for a dead cluster; its SIGTERM often hangs
TASKS_GRACE_SECONDS = 45  # from SIGTERM to SIGKILL; running tasks are finished within it
WEB_GRACE_SECONDS = 10
RESTART_SECONDS = 2  # the first wait after a death, doubled at each further one
