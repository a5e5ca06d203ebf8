"""The lists of participants that meeting platforms write: read, compared with who registered, and written as attendance.

Read as the platforms' documentation describes them: Zoom (participants of a meeting, attendees of a webinar), Microsoft Teams
(attendance report of today and the older list of who joined and left), Google Meet and Webex. They are all tables; what tells
them apart is how they call their columns. So one reader understands them all, and one that a platform changes a little.
"""
