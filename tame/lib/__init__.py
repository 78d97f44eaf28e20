"""The ground: leaves that know no model of the rooms."""
