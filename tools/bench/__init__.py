"""How fast the product is: `python -m tools.bench`, or `make bench`.

The real site is started as docker-compose.yml starts it (web server, worker, beat), on a database of its own, and asked
by a client in a process of its own. docs/speed.md says what is measured and how.

    ground      where it runs: a database and numbers of Redis that are its own, and the environment of production
    processes   the site's processes, and the processor time that each part of the server took
    client      asks over HTTP; knows nothing of Django
    world       courses, students, designs and quizzes to measure with
    measures    what is measured
    table       how it is printed
"""
