FROM python:3.13-slim AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --quiet -r requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/var/lib/patchbay BIND=0.0.0.0 PORT=8000 SANDBOX=0
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/patchbay --create-home patchbay
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY manage.py ./
COPY config config
COPY connector connector
COPY journaling journaling
COPY templates templates
COPY locale locale
RUN python -c "from pathlib import Path; from config.translations import compile_translations; compile_translations(Path('locale'))"
USER 10001:10001
VOLUME /var/lib/patchbay
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--http", "1", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "8", "--workers-kill-timeout", "8", "--log-level", "warning", \
     "config.wsgi:application"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD \
    ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
