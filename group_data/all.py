"""What all hosts share. README's table has every setting.

It deploys the sample project as it stands; put your own here.
"""

from stack.secrets import from_environment

source = "tests/project"

env = {"SECRET_KEY": from_environment("SECRET_KEY")}

# A SQLite database in the folder `data`, and uploads, outlive releases; every host has its own.
shared = ["data", "media"]
migrate = "each"
health_path = "/health"
