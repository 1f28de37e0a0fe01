"""Where notify meets the wire, the database, the gateway and the stores."""
