"""A list of scenes as files of other programs: KML, GeoParquet. Pure: facts and shapes in, bytes out."""
