# The product as one image; what it does is said by its command: web, worker, beat or migrate (see docker-compose.yml).

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements/prod.txt /tmp/prod.txt
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/prod.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BLENDEDU_ENV=production \
    BLENDEDU_DATA=/data \
    BLENDEDU_STATIC=/app/staticfiles
RUN groupadd --system --gid 10001 blendedu \
 && useradd --system --uid 10001 --gid blendedu --home-dir /app --shell /usr/sbin/nologin blendedu \
 && mkdir -p /app /data/media \
 && chown -R blendedu:blendedu /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY manage.py ./
COPY blendedu blendedu
COPY activities activities
COPY courses courses
COPY programmes programmes
COPY institution institution
COPY templates templates
COPY static static
# Compiled and collected while the image is built, as root: the user who runs it can write to /data only.
RUN python -m compileall -q /app \
 && BLENDEDU_ENV=local BLENDEDU_DATA=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
 && rm -rf /tmp/build
USER blendedu
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=3 \
  CMD ["python", "-m", "blendedu.site.probe", "healthz"]
CMD ["gunicorn", "-c", "python:blendedu.site.gunicorn", "blendedu.wsgi"]
