"""What load balancers and operators ask a process."""

from jkn.blueprints.health.routes import blueprint

__all__ = ["blueprint"]
