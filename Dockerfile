# The same steps as on a bare machine, in an image that runs as nobody special.
FROM python:3.11-slim-bookworm

RUN useradd --system --create-home prm && install -d -o prm -g prm /var/lib/prm
WORKDIR /app

# The packages first: they change less often than the code.
COPY requirements.txt requirements-dev.txt constraints.txt ./
COPY bin/install bin/packages bin/
RUN bin/install run

COPY . .
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PRODUCTION=true \
    VAR_DIR=/var/lib/prm \
    STATIC_ROOT=/app/staticfiles

# Static files are named by their content and compressed here, once; the keys are for this step alone.
RUN ALLOWED_HOSTS=localhost BASE_URL=https://localhost \
    SECRET_KEY=made-for-collecting-static-files-during-the-build-only \
    AUDIT_KEY=made-for-collecting-static-files-only MFA_KEYS=made-for-collecting-static-files-only \
    python manage.py collectstatic --noinput \
    && rm -rf /var/lib/prm/* && chown prm:prm /var/lib/prm

USER prm
EXPOSE 8000
CMD ["gunicorn", "prm.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "3", \
     "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--max-requests", "10000", "--max-requests-jitter", "1000"]
