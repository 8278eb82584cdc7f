"""Charts as pictures: what is drawn, and the worker process that draws it. matplotlib lives in that process alone."""
