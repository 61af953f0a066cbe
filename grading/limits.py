"""How much the site takes at once. The one place; docs/guides/operator.md repeats it in words. Pure.

Each is far above what a study sends and far below what would hurt the others: a request beyond one is refused whole.
"""

from datetime import UTC, datetime

MB = 2**20

MAX_UPLOAD_BYTES = 64 * MB  # a CSV sent through the browser, held in memory
MAX_FILE_BYTES = 256 * MB  # a CSV by command: an export of 825,000 grades has 100 MB
MAX_ROWS = 2_000_000
MAX_COLUMNS = 200  # an export has about 40 at most
MAX_UNPACKED_BYTES = 400 * MB  # of what is read of a workbook: 1,000,000 grades have about 300 MB
MAX_PART_BYTES = 20 * MB  # of what is neither cells nor their text, such as styles: a usual workbook has 0.1 MB
MAX_PARTS = 10_000  # of a workbook: a usual one has 20
MAX_CELL_CHARACTERS = 100_000  # a spreadsheet takes 32,767
MAX_TEXT_CHARACTERS = 256 * MB  # of all cells: a text that stands once in the file can stand in each of them
MAX_CELLS = 12_000_000  # of the rectangle that a sheet's cells span: 1,000,000 grades with twelve columns
MAX_LINE_CHARACTERS = 100_000  # so that one line cannot become a row of millions of cells
MAX_COMMENT_LENGTH = 2000  # characters of a reader's comment on one read
MAX_GRACE_MINUTES = 60  # in which a reader takes back their own sign-off: later, others have counted on it
MAX_CALIBRATION_CASES = 1000  # that a study may ask of each reader: far more than anybody has references of
MAX_READERS_PER_MRI = 100  # that a study may ask for: far more than any study has readers
MAX_CHARTER_LENGTH = 20_000  # characters under one heading of a charter: seven printed pages
MAX_REASON_LENGTH = 500  # characters of the reason for what corrects or takes back
MAX_FORM_BYTES = 1 * MB  # a form or a body of JSON, files aside
MAX_FORM_FIELDS = 1000
MAX_FORM_FILES = 5
MAX_SCAN_FILES = 5_000  # of one upload of DICOM, where each slice is a file

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # of a read's times: what lies before is a slip, or where a clock starts
MAX_CK_U_PER_L = 10_000_000  # far above what anybody survives: more is a slip, or another unit
MAX_DURATION_MONTHS = 1_500
EARLIEST_SCAN_YEAR = 1970
MAX_COVARIATE = 1_000_000_000  # of a number of a study's own, also below 0: more is a slip, or another unit
MAX_COVARIATES = 50  # that a study defines: each has seven of a form's fields, and a column of the participants' file
MAX_LEVELS = 20  # of a covariate: each but the first takes a column of the model
MAX_POSITION = 1_000_000_000  # that a file may name: the places behind it are drawn, and have to fit into the column
