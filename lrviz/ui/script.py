"""What runs for each visitor at each change. It lies apart from app.py because beside a folder called pages Streamlit
would take the files there for pages of its own and run them without our navigation."""

from lrviz.ui.navigation import run

run()
