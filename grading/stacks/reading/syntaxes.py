"""Transfer syntaxes: how the files of DICOM store their pixels, and which of these ways can be read here."""

from pydicom import uid

DEFLATED = uid.DeflatedExplicitVRLittleEndian
NATIVE = (uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian)
WITH_PACKETS = (uid.JPEG2000Lossless, uid.JPEG2000)  # whose markers are those of ISO/IEC 15444-1
JPEG_2000 = (*WITH_PACKETS, uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K)
JPEG_LS = (uid.JPEGLSLossless, uid.JPEGLSNearLossless)
# Decoders of the others, such as JPEG Lossless, are under the GPL or read other people's bytes too trustingly.
COMPRESSED = (*JPEG_2000, *JPEG_LS, uid.RLELossless)
