"""The article's files, line by line; only the timeout is as the settings have it."""

from stack.settings import Settings


def nginx(_: Settings) -> str:
    return """
        user www-data;
        worker_processes 2;
        pid /var/run/nginx.pid;
        events { worker_connections 1024; }
        http {
            sendfile on;
            tcp_nopush on;
            tcp_nodelay on;
            keepalive_timeout 15;
            types_hash_max_size 2048;
            include /etc/nginx/mime.types;
            default_type application/octet-stream;
            access_log /var/log/nginx/access.log;
            error_log /var/log/nginx/error.log;
            gzip on;
            gzip_disable "msie6";
            gzip_vary on;
            gzip_proxied any;
            gzip_comp_level 6;
            gzip_buffers 16 8k;
            gzip_http_version 1.1;
            gzip_types text/plain text/css application/json application/x-javascript text/xml
                application/xml application/xml+rss text/javascript;
            include /etc/nginx/conf.d/*.conf;
            include /etc/nginx/sites-enabled/*;
        }
    """


def site(_: Settings) -> str:
    return """
        server {
            listen 80 default_server;
            server_name fooproject.se;
            client_max_body_size 50M;
            charset utf-8;
            access_log /home/fooproject/logs/nginx.access.log;
            error_log /home/fooproject/logs/nginx.error.log;
            location / {
                proxy_pass http://127.0.0.1:8000/;
                proxy_set_header Host $http_host;
                proxy_set_header X-Real-IP $remote_addr;
                proxy_set_header X-Scheme $scheme;
                proxy_set_header X-Forwarded-Protocol $scheme;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_redirect off;
            }
            location /static {
                alias /home/fooproject/fooproject/src/static;
                expires 30d;
            }
        }
    """


def supervisor(_: Settings) -> str:
    return """
[unix_http_server]
file=/var/run/supervisor.sock
chmod=0770
chown=nobody:nogroup
"""


def program(settings: Settings) -> str:
    gunicorn = f"gunicorn -w 3 -t {settings.timeout_seconds} fooproject.wsgi"
    return f"""
[program:django]
command=/home/fooproject/.virtualenvs/fooproject/bin/{gunicorn}
directory=/home/fooproject/fooproject/src/
numprocs=1
autostart=true
autorestart=false
stopsignal=INT
stopwaitsecs=2
startsecs=2
redirect_stderr=true
stdout_logfile=/home/fooproject/logs/gunicorn.log
stdout_logfile_backups=20
stdout_logfile_maxbytes=20MB
user=fooproject
"""
