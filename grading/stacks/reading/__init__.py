"""DICOM → stacks. Runs in a process of its own with limits of time and memory: ``python -m grading.stacks.reading``.

Nothing leaves it but manifests, packed slices and sentences that are written here.
"""
