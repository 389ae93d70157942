"""Two merge at the same moment, on a database that serves them both at once."""



from tests.factories.office import MONDAY, moment

AT = moment(MONDAY, 10)
