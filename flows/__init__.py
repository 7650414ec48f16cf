import os

# Before any library is imported: none of them may tell its makers anything, however Bellwether is started.
os.environ.update(GX_ANALYTICS_ENABLED="false", PREFECT_SERVER_ANALYTICS_ENABLED="false", DO_NOT_TRACK="1")
